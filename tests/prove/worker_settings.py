"""The served settings for a worker of its own: the test's broker, and its provider on this machine."""

import json
import os

from tests.notifications.servers.aliyun import KEY_ID, KEY_SECRET
from tests.prove.served_settings import *  # noqa: F403

_BROKER = json.loads(os.environ["SERVED_BROKER"])
CELERY_BROKER_URL, CELERY_BROKER_TRANSPORT_OPTIONS = _BROKER["url"], _BROKER["options"]
SMS_PROVIDER = "aliyun"
ALIYUN_SMS_ENDPOINT = os.environ["SERVED_PROVIDER"]
ALIYUN_ACCESS_KEY_ID, ALIYUN_ACCESS_KEY_SECRET = KEY_ID, KEY_SECRET
CHANNEL_TIMEOUT = 20.0
