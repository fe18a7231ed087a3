#!/bin/sh
# A signed request (RFC 9421) with nothing but openssl and curl:
#   sh docs/examples/signed-request.sh KEY_ID PRIVATE_KEY_FILE METHOD URL [JSON]
# Where a private CA signed the server's certificate: CURL_CA_BUNDLE=.payos/…/ca.pem sh …
set -eu
key_id=$1 key_file=$2 method=$3 url=$4 body=${5-}

created=$(date +%s)
nonce=$(openssl rand -hex 16)
names='"@method" "@target-uri"'
lines=$(printf '"@method": %s\n"@target-uri": %s' "$method" "$url")
set --
add() { # a header that is sent and signed
  names="$names \"$1\""
  lines=$(printf '%s\n"%s": %s' "$lines" "$1" "$2")
}

if [ "$method" = POST ]; then
  idempotency_key=$(openssl rand -hex 16)
  add idempotency-key "$idempotency_key"
  set -- "$@" --header "Idempotency-Key: $idempotency_key"
fi
if [ -n "$body" ]; then
  digest=$(printf %s "$body" | openssl dgst -sha256 -binary | openssl base64 -A)
  add content-type application/json
  add content-digest "sha-256=:$digest:"
  set -- "$@" --header 'Content-Type: application/json' \
    --header "Content-Digest: sha-256=:$digest:" --data-binary "$body"
fi

input="($names);created=$created;keyid=\"$key_id\";nonce=\"$nonce\";alg=\"ed25519\""
base=$(mktemp)
trap 'rm -f "$base"' EXIT
printf '%s\n"@signature-params": %s' "$lines" "$input" >"$base"
signature=$(openssl pkeyutl -sign -rawin -inkey "$key_file" -in "$base" | openssl base64 -A)

curl --silent --show-error --request "$method" "$@" \
  --header "Signature-Input: payos=$input" --header "Signature: payos=:$signature:" "$url"
