from tests.permissions.expectations import Own, Page

ENDPOINTS = [
    Own("portal:paper-check", not_a_list="a question; see talents/test_papers.py"),
    Own("portal:search", not_a_list="answers a question; see portal/test_search.py"),
    Page(
        "portal:sample", frozenset(), kwargs={"key": "roster"}, closed=404,
        not_a_list="a workbook of the demo, and this is none; see portal/test_samples.py",
    ),
]  # fmt: skip
