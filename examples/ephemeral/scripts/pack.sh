#!/usr/bin/env bash
set -euo pipefail
mkdir -p build
tar -czf build/shop.tar.gz.new app
mv build/shop.tar.gz.new build/shop.tar.gz
ls -l build/shop.tar.gz
