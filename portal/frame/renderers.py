"""Every ``{{ form }}`` and ``as_field_group`` of the house, allauth's included, in our design."""

from django.forms.renderers import TemplatesSetting


class FormRenderer(TemplatesSetting):
    form_template_name = "components/form.html"
    field_template_name = "components/field.html"
