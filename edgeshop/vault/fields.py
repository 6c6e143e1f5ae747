"""A model field for personal data: text in Python, sealed bytes in the database.

The seal is bound to table, column, row and person, so the row's key must be known before it is saved: models that use
it have UUID keys of their own making. There is nothing to search by; people are found by their handles.
"""

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.core import checks
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from edgeshop.kernel.errors import InvalidInput

if TYPE_CHECKING:
    _Binary = models.BinaryField[str | None, str]
else:
    _Binary = models.BinaryField  # generic for the type checker only


class Sealed(bytes):
    """A value as the database has it."""


class _Opening(DeferredAttribute):
    """Opens a sealed value whenever somebody asks for it, and not before: a list of rows costs no key."""

    field: "EncryptedTextField"

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        return self.field.opened(instance, value) if isinstance(value, Sealed) else value

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class EncryptedTextField(_Binary):
    """Text of the person that the same row's foreign key `subject` names.

    Reading raises SubjectErased or SealBroken. Serializers, forms and `QuerySet.update` leave it out or refuse.
    """

    descriptor_class = _Opening
    empty_strings_allowed = False

    def __init__(self, *args: Any, subject: str = "subject", **kwargs: Any) -> None:
        super().__init__(*args, **{"serialize": False, **kwargs})
        self.subject = subject

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"subject": self.subject}

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        found: list[checks.CheckMessage] = super().check(**kwargs)
        if not isinstance(self.model._meta.pk, models.UUIDField):
            said = "A model with personal data needs a UUID key that is known before it is saved."
            found.append(checks.Error(said, obj=self, id="vault.E002"))
        return found

    def from_db_value(self, value: Any, _expression: Any, _connection: Any) -> Sealed | None:
        return None if value is None else Sealed(value)

    def to_python(self, value: Any) -> Any:
        return value

    def pre_save(self, model_instance: models.Model, add: bool) -> Sealed | None:
        """Seal what was set; what came from the database and was not touched stays as it is."""
        value = model_instance.__dict__[self.attname]
        if value is None or isinstance(value, Sealed):
            return value
        from edgeshop.vault.services.sealed_text import seal_text  # noqa: PLC0415 -- keys need the models, models us

        return Sealed(seal_text(value, subject_id=self._whose(model_instance), place=self._place(model_instance)))

    def opened(self, instance: models.Model, sealed: Sealed) -> str:
        """The text. Raises: SubjectErased, SealBroken."""
        from edgeshop.vault.services.sealed_text import open_text  # noqa: PLC0415 -- as above

        return open_text(sealed, subject_id=self._whose(instance), place=self._place(instance))

    def get_prep_value(self, value: Any) -> Any:
        if value is None or isinstance(value, Sealed):
            return value
        raise InvalidInput("Personal data is written by saving its row, one at a time.", field=self.name)

    def get_lookup(self, lookup_name: str) -> Any:
        """Only whether there is anything: a ciphertext equals nothing."""
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

    def _whose(self, instance: models.Model) -> uuid.UUID:
        subject: uuid.UUID = getattr(instance, f"{self.subject}_id")
        return subject

    def _place(self, instance: models.Model) -> str:
        return f"{self.model._meta.db_table}.{self.column} {instance.pk}"
