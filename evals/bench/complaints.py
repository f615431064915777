"""Complaints of about 300 characters, all different, for timing; not for judging replies."""

from service.domain.thread import Case

_TEXTS = (
    "Third delivery slot in a row that nobody turned up for. I sat in from eight till two on "
    "Tuesday, the app said two stops away for an hour and then went blank. The dryer is for my "
    "mum, she has been hanging sheets over the doors for a fortnight. Ring me, write to me, send "
    "a pigeon, anything at all.",
    "The dishwasher you installed on Friday leaks from the door. I wiped up after every cycle for "
    "three days thinking it was me. Your fitter was in and out in ten minutes and left the old "
    "hose on the floor. I have photos of the puddle and of the hose. Can somebody please tell me "
    "what happens next?",
    "Sent the coffee machine back on the second of the month and the tracking says you signed for "
    "it. Since then, nothing: no email, no money, no answer on chat except a robot that thanks me "
    "for my patience. It was a birthday present that had to be returned, so this is all a bit "
    "embarrassing by now.",
    "Bought the fridge on the promise of old one out, new one in. New one came, old one stayed, "
    "and the lads said it was not on their sheet. I paid for that. Now I have two fridges in a "
    "kitchen for one, and the council wants forty quid to take it away. Please sort this out, it "
    "cannot be that hard.",
    "My points vanished when I changed my email address. I had been saving them for a mixer since "
    "last winter, and the shop in town said only online can help, while online says to ask the "
    "shop. It is not the end of the world, but I would like to hear from a person who can "
    "actually look at my account.",
    "The oven door glass cracked while it was off and cold, at two in the morning, with a noise "
    "like a gunshot. It is fourteen months old. I have swept up most of it, but the kids are not "
    "going into that kitchen barefoot for a while. Is that under warranty, and should I use it "
    "until somebody comes?",
    "You cancelled my installation by text the evening before, after I had moved a whole day of "
    "work. The next date offered was three weeks later, no reason given. The hob is in its box in "
    "the hall and we are living on sandwiches. I do not want a voucher, I want somebody with a "
    "screwdriver this week.",
    "Cancelled the filter subscription in September and got a confirmation. In October a filter "
    "came, in November another, and both were charged to my card. I wrote twice and had the same "
    "template back both times, with a different name under it. Please stop the parcels and give "
    "me the two charges back.",
)


def timed_cases(count: int) -> list[Case]:
    """That many cases, each with words of its own so that nothing can be remembered."""
    return [
        Case.model_validate(
            {
                "id": f"bench-{number}",
                "channel": "facebook",
                "complaint": f"{_TEXTS[number % len(_TEXTS)]} ({_suffix(number)})",
            }
        )
        for number in range(count)
    ]


def _suffix(number: int) -> str:
    days = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    return f"{days[number % 7]}, letter {chr(97 + number % 26)}{number}"
