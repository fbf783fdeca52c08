# Creates a hosted check and asks once where it stands.
set -eu
token=$(curl -s "$BASE_URL/liveness_check" -H "Authorization: Bearer $API_KEY" -H 'Content-Type: application/json' \
  -d '{"return_url": "https://example.com/return"}' | sed 's/.*"token":"\([A-Za-z0-9]*\)".*/\1/')
curl -s "$BASE_URL/liveness_check?token=$token" -H "Authorization: Bearer $API_KEY"
