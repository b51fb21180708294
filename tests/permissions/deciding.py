"""Evaluations and what they demand over HTTP; what the city union alone decides nobody here may do."""

from organizations.roles import STAFF, Role
from tests.permissions.academies import (
    FILES,
    KEEPERS,
    READERS,
    by_pk,
    evaluations,
    items,
    reviews,
)
from tests.permissions.expectations import ApiResource

ENDPOINTS = [
    ApiResource(
        "academyreview",
        FILES,
        target=by_pk(reviews),
        fill=reviews,
        actions={
            "self-assess": KEEPERS,
            "endorse": STAFF,
            "return": STAFF,
            "mark": frozenset({Role.EXPERT}),
            "extend": STAFF,
            "agree-to-lifting": frozenset(),
            "drop-lifting": frozenset(),
            "grade": frozenset(),  # for the city union alone, as is the answer
            "object": KEEPERS,
            "answer": frozenset(),
        },
        bodies={
            "self-assess": {"own[0]score": 80, "own[0]words": "见台账"},
            "endorse": {"note": "情况属实"},
            "return": {"fault": "doubt", "until": "2099-12-31", "note": "请核对台账"},
            "mark": {"scores": [80]},
            "extend": {"until": "2099-12-31", "note": "负责人住院"},
            "agree-to-lifting": {"note": "情况属实"},
            "drop-lifting": {"note": "材料不足"},
            "grade": {"grade": "qualified"},
            "object": {"note": "不同意评定"},
            "answer": {"grade": "qualified", "note": "维持原评定"},
        },
    ),
    ApiResource(
        "rectification",
        READERS,
        target=by_pk(items),
        fill=items,
        actions={"prove": KEEPERS, "close": frozenset(), "return": frozenset()},
        bodies={
            "prove": {"owner": "刘国庆", "measure": "逐班核对", "proof": "台账已一致"},
            "close": {"note": "已经一致"},
            "return": {"note": "仍然不符"},
        },
    ),
    ApiResource(
        "evaluation",
        READERS,
        target=by_pk(evaluations),
        fill=evaluations,
        # the city union's, all of them
        actions=dict.fromkeys(("demand", "correct", "strike", "agree", "drop"), frozenset()),
        bodies={
            "demand": {"problem": "台账不符", "due_on": "2099-12-31"},
            "correct": {
                "academy": "A-U01",
                "year": 2020,
                "grade": "failed",
                "evaluated_on": "2021-03-09",
                "note": "学院编码写错",
            },
            "strike": {"note": "误导入测试表"},
            "agree": {"note": "已核对原表"},
            "drop": {"note": "与原表一致"},
        },
    ),
]
