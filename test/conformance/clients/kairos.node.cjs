// A form with a file and a threshold.
const fs = require('node:fs');
const request = require('request');
const { BASE_URL, API_KEY, API_KEY_ID, IMAGE_FILE } = process.env;

request(
  {
    method: 'POST',
    url: `${BASE_URL}/v0.2/liveness-verification`,
    headers: { app_id: API_KEY_ID, app_key: API_KEY },
    formData: {
      selfie: { value: fs.createReadStream(IMAGE_FILE), options: { filename: 'selfie.jpg' } },
      threshold: '0.6',
    },
  },
  (error, response) => {
    if (error) throw error;
    console.log(response.body);
  },
);
