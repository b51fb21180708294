"""What a form says about one candidate, in the shape the services take."""

from datetime import date

from talents.services.nominations import Filing, Segment

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def identity_number(serial=1, birth="19850615"):
    """A valid number of the unassigned county 110199, computed without the code under test."""
    body = f"110199{birth}{serial:03d}"
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, WEIGHTS, strict=True)) % 11]


def month(year, number):
    return year * 12 + number - 1


def segment(first, last, **facts):
    words = {"is_frontline": True, "employer": "示例公司", "trade": "钳工"} | facts
    return Segment(start_month=first, end_month=last, **words)


def filing(unit, *segments, identity=None, person=(), filed=()):
    """A complete filing; ``person`` and ``filed`` replace single values."""
    return Filing(
        identity=identity_number() if identity is None else identity,
        person={
            "name": "曾怡刚",
            "sex": "1",
            "birth_on": date(1985, 6, 15),
            "ethnicity": "汉族",
            "education": "大专",
            "political_status": "群众",
            "phone": "12012345678",
        }
        | dict(person),
        filed={
            "unit": unit,
            "post": "班组长",
            "occupation": "钳工",
            "skill_level": "1",
            "certificate_number": "Y000011123456241000001",
            "honours_text": "",
            "patents_count": 1,
            "apprentices_count": 2,
            "force_leading": "带头攻关",
            "force_practice": "长期实践",
            "force_innovation": "改进工序",
            "force_tackling": "解决难题",
            "force_passing": "带徒传技",
            "rank": None,
            "category": "worker",
            "is_migrant": None,
            "is_non_public": None,
            "is_key_industry": None,
        }
        | dict(filed),
        segments=segments or (segment(month(2015, 1), None),),
    )
