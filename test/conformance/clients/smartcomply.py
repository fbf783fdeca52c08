# One image by URL, without the slash at the end.
import json, os, requests
response = requests.post(
    os.environ["BASE_URL"] + "/api/onboarding/biometrics/face/liveliness_check",
    json={"image": os.environ["IMAGE_URL"]},
    headers={"x-access-token": os.environ["API_KEY"]},
)
print(json.dumps(response.json()))
