"""Categories and products: looked up by name, article code or barcode; pictures are uploaded here."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin
from unfold.decorators import action, display

from edgeshop.catalog import media
from edgeshop.catalog.models import Category, Price, Product
from edgeshop.catalog.services import save_category, save_product, set_pictures, set_sold
from edgeshop.fleet.admin import OnCloudOnly
from edgeshop.kernel.errors import InvalidInput


@admin.register(Category)
class CategoryAdmin(OnCloudOnly, ModelAdmin):
    """Shelves in the order they stand."""

    list_display = ("name", "slug", "position")
    ordering = ("position", "id")
    search_fields = ("slug", "names__en")

    def save_model(self, _request: HttpRequest, obj: Category, _form: Any, _change: bool) -> None:
        """Through the service, so that kiosks learn of it."""
        save_category(obj)


class ProductForm(forms.ModelForm):  # type: ignore[type-arg]  # -- not generic at run time
    """A product and, if wanted, its new picture."""

    picture = forms.FileField(required=False, help_text="SVG, PNG, JPEG or WebP, at most 2 MB.")

    class Meta:
        model = Product
        fields = ("texts", "category", "barcode", "tax_class", "stock_policy", "colour", "is_active")

    def clean_picture(self) -> bytes | None:
        """The bytes of the picture. Raises: ValidationError for anything else."""
        file: UploadedFile[Any] | None = self.cleaned_data["picture"]
        if file is None:
            return None
        data = file.read(media.PICTURE_BYTES_MAX + 1)
        try:
            media.content_type(data)
        except InvalidInput as error:
            raise forms.ValidationError(error.message) from error
        if len(data) > media.PICTURE_BYTES_MAX:
            raise forms.ValidationError("A picture may have at most 2 MB.")
        return bytes(data)


@admin.register(Product)
class ProductAdmin(OnCloudOnly, ModelAdmin):
    """Products. Their prices are set in price books."""

    form = ProductForm
    list_display = ("thumb", "name", "sku", "category", "stock_policy", "tax_class", "sold")
    list_display_links = ("thumb", "name")
    list_filter = ("is_active", "stock_policy", "category")
    list_select_related = ("category",)
    search_fields = ("sku", "barcode", "texts__en__name", "texts__de__name", "texts__ar__name")
    ordering = ("category__position", "id")
    list_per_page = 50
    actions = ("withdraw", "put_on_sale")

    def get_fields(self, request: HttpRequest, obj: Product | None = None) -> list[str]:
        """The article code can be given once; prices are shown, not set."""
        own = ["sku", *ProductForm.Meta.fields, "picture"]
        return [*own, "price_table"] if obj else own

    def get_readonly_fields(self, request: HttpRequest, obj: Product | None = None) -> tuple[str, ...]:
        """An article code is the product's name in other systems: it stays."""
        return ("sku", "price_table") if obj else ()

    def save_model(self, _request: HttpRequest, obj: Product, form: Any, _change: bool) -> None:
        """Through the service, so that kiosks learn of it."""
        save_product(obj)
        if form.cleaned_data.get("picture"):
            set_pictures({obj.pk: media.store(form.cleaned_data["picture"])})

    @display(description="")
    def thumb(self, product: Product) -> SafeString:
        """The picture, or its colour until there is one."""
        style = "width:40px;height:40px;border-radius:8px;object-fit:cover;background:"
        if not product.image_sha256:
            return format_html('<span style="display:block;{}{}"></span>', style, product.colour)
        template = '<img src="/media/{}" alt="" loading="lazy" style="{}{}">'
        return format_html(template, product.image_sha256, style, product.colour)

    @display(description="sold", boolean=True, ordering="is_active")
    def sold(self, product: Product) -> bool:
        """Whether it is on sale."""
        return product.is_active

    @display(description="prices now")
    def price_table(self, product: Product) -> SafeString | str:
        """The newest published price in each shop, in minor units."""
        newest = Price.objects.filter(product=product.pk, to_version=None).select_related("shop").order_by("shop")
        rows = [(p.shop.name, p.unit_minor, p.shop.currency, p.from_version) for p in newest]
        return format_html_join("", "<div>{}: {} {} (minor units, since book {})</div>", rows) or "not sold anywhere"

    @action(description="Withdraw from sale", permissions=["change"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Product]) -> None:
        """Take the chosen products off every shelf."""
        count = set_sold(product_ids=queryset.values_list("pk", flat=True), is_active=False)
        messages.success(request, f"{count} products withdrawn.")

    @action(description="Put on sale", permissions=["change"])
    def put_on_sale(self, request: HttpRequest, queryset: QuerySet[Product]) -> None:
        """Put the chosen products back on the shelves where a price book sells them."""
        count = set_sold(product_ids=queryset.values_list("pk", flat=True), is_active=True)
        messages.success(request, f"{count} products on sale.")
