// Never run: names every runtime dependency, so that the build can collect their licences.
export * as cache from '@actions/cache';
export * as core from '@actions/core';
export * as exec from '@actions/exec';
export * as semver from 'semver';
export * as tinyglobby from 'tinyglobby';
export * as yaml from 'yaml';
export * as zod from 'zod';
