from rest_framework.pagination import CursorPagination


class CappedPagination(CursorPagination):
    pass
