# A form with a file and a threshold.
set -eu
curl -s "$BASE_URL/v0.1/liveness-verification" -H "app_id: $API_KEY_ID" -H "app_key: $API_KEY" \
  -F "selfie=@$IMAGE_FILE" -F 'threshold=0.5'
