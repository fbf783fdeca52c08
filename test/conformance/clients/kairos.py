# A form with a file and a threshold; app_key may be the secret part of the key alone.
import json, os, requests
with open(os.environ["IMAGE_FILE"], "rb") as selfie:
    response = requests.post(
        os.environ["BASE_URL"] + "/v0.1/liveness-verification",
        files={"selfie": selfie},
        data={"threshold": 0.6},
        headers={"app_id": os.environ["API_KEY_ID"], "app_key": os.environ["API_KEY"].split("_", 3)[3]},
    )
print(json.dumps(response.json()))
