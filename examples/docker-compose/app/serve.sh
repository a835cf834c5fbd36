#!/bin/sh
set -eu
have=$(migrate.sh version)
if [ "$have" -lt "$SCHEMA" ]; then
  echo "the data has schema $have, and $VERSION needs $SCHEMA" >&2
  exit 1
fi
mkdir -p /www
echo "$VERSION" > /www/index.html
echo ok > /www/health
# busybox httpd does not react to TERM as process 1.
httpd -f -p 8080 -h /www &
trap 'kill $!' TERM INT
wait
