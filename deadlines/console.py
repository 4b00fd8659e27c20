"""How a light looks on the console's pages. [3.7]"""

from django.utils import timezone
from django.utils.safestring import SafeString

from core.console import Tone, badge
from deadlines.enums import Light
from deadlines.models import Obligation
from deadlines.selectors import light_of, words_of

TONES = {Light.ON_TRACK: Tone.ON_TRACK, Light.NEAR: Tone.NEAR, Light.LATE: Tone.LATE}


def light_badge(obligation: Obligation) -> SafeString:
    """Words on their colour. A late finish stays red."""
    today = timezone.localdate()
    tone = Tone.LATE if obligation.late_working_days else TONES.get(light_of(obligation, today), Tone.NEUTRAL)
    return badge(words_of(obligation, today), tone)
