# One image by URL.
set -eu
curl -s -X POST "$BASE_URL/api/onboarding/biometrics/face/liveliness_check/" -H "x-access-token: $API_KEY" \
  -H 'Content-Type: application/json' -d "{\"image\": \"$IMAGE_URL\"}"
