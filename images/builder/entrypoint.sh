#!/bin/sh
# The runtime interface client takes the handler from the environment only, and Lambda sets none for an image.
export _HANDLER="${1:-index.handler}"
exec /opt/node/bin/node /opt/runtime/node_modules/aws-lambda-ric/index.mjs
