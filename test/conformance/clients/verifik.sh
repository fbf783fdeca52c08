# One image as base64, from a file: it is longer than a command line may be. Beyond 1 MB curl asks first (Expect: 100-continue).
set -eu
{ printf '{"os": "DESKTOP", "image": "'; base64 -w0 "$IMAGE_FILE"; printf '"}'; } |
  curl -s "$BASE_URL/v2/face-recognition/liveness" -H "Authorization: Bearer $API_KEY" \
    -H 'Content-Type: application/json' -H 'Expect: 100-continue' --data-binary @-
