"""`{{ at|ago }}` in templates: instants as `edgeshop.fleet.ago` says them."""

from django import template

from edgeshop.fleet.ago import ago

register = template.Library()
register.filter("ago", ago)
