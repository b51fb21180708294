from django.urls import path

from policies import views

app_name = "policies"
urlpatterns = [
    path("", views.edition_list, name="list"),
    path("<slug:code>/", views.newest, name="policy"),
    path("<slug:code>/<int:number>/", views.edition, name="edition"),
    path("<slug:code>/<int:number>/text/", views.text, name="text"),
    path("<slug:code>/<int:older>/<int:newer>/", views.compare, name="compare"),
]
