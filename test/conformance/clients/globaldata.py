# Creates a hosted check and asks once where it stands.
import json, os, requests
url = os.environ["BASE_URL"] + "/liveness_check"
headers = {"Authorization": "Bearer " + os.environ["API_KEY"]}
created = requests.post(url, json={"return_url": "https://example.com/return", "audit_images": 2}, headers=headers)
result = requests.get(url, params={"token": created.json()["token"]}, headers=headers)
print(json.dumps({"status": result.status_code, "body": result.json()}))
