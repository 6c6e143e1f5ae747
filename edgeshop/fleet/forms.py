"""What people type at the door: names, PINs, passwords, numbers. Fields for digits open a keypad."""

from django import forms
from unfold.widgets import UnfoldAdminPasswordWidget, UnfoldAdminTextInputWidget

from edgeshop.fleet.services.approvals import Second
from edgeshop.fleet.services.pins import DIGITS_MAX

_KEYPAD = {"inputmode": "numeric", "autocomplete": "off", "pattern": "[0-9]*", "maxlength": DIGITS_MAX}


def pin_field(label: str, *, required: bool = True) -> forms.CharField:
    """A PIN, hidden while it is typed."""
    return forms.CharField(label=label, required=required, widget=UnfoldAdminPasswordWidget(attrs=dict(_KEYPAD)))


def name_field(label: str, *, required: bool = True) -> forms.CharField:
    """The name somebody logs in with."""
    quiet = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
    return forms.CharField(
        label=label, max_length=150, required=required, widget=UnfoldAdminTextInputWidget(attrs=quiet)
    )


class PinForm(forms.Form):
    """Name and PIN."""

    username = name_field("Name")
    pin = pin_field("PIN")


class NewPinForm(forms.Form):
    """A PIN twice. The password too, unless a manager's one-time number has just been used."""

    password = forms.CharField(
        label="Your password", widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "current-password"})
    )
    pin = pin_field("New PIN, 4 to 8 digits")
    again = pin_field("The same PIN again")

    def without_password(self) -> "NewPinForm":
        """The form for somebody who has shown who they are."""
        del self.fields["password"]
        return self

    def clean(self) -> dict[str, object]:
        """Both must be the same."""
        said = self.cleaned_data
        if said.get("pin") and said.get("again") and said["pin"] != said["again"]:
            self.add_error("again", "The two PINs differ. Type both again.")
        return said


class NumberForm(forms.Form):
    """A number from an app, or a recovery code, hence letters too."""

    number = forms.CharField(
        label="Number",
        max_length=16,
        widget=UnfoldAdminTextInputWidget(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}
        ),
    )


class SecondForm(forms.Form):
    """A second person who approves. Empty for those who need none."""

    second_name = name_field("A manager's name", required=False)
    second_pin = pin_field("Their PIN on this kiosk", required=False)


def second_in(cleaned: dict[str, object]) -> Second:
    """The second person that a form with these two fields names."""
    return Second(str(cleaned.get("second_name") or ""), str(cleaned.get("second_pin") or ""))
