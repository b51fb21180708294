from celery import Celery

app = Celery("jiangjie")
app.config_from_object("django.conf:settings", namespace="CELERY")
