from tests.permissions.expectations import Own

ENDPOINTS = [Own("portal:search", not_a_list="answers a question; see portal/test_search.py")]
