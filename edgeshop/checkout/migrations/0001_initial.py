"""The tables of the checkout."""

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

import edgeshop.kernel.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("fleet", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Number",
            fields=[
                ("number", models.CharField(max_length=44, primary_key=True, serialize=False)),
                ("epoch", models.PositiveIntegerField()),
                ("seq", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("outstanding", "Outstanding"),
                            ("sold", "Sold"),
                            ("returned", "Returned"),
                            ("void", "Void"),
                            ("expired", "Expired"),
                            ("unaccounted", "Unaccounted"),
                        ],
                        default="outstanding",
                        max_length=12,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=80)),
                ("seat_id", models.UUIDField(blank=True, null=True)),
                (
                    "purpose",
                    models.CharField(blank=True, choices=[("screen", "Screen"), ("phone", "Phone")], max_length=8),
                ),
                ("grant_id", models.UUIDField(blank=True, null=True)),
                ("max_minor", models.PositiveBigIntegerField(default=0)),
                ("book_min", models.PositiveIntegerField(default=1)),
                ("minted_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("request_sha256", models.CharField(blank=True, max_length=64)),
                (
                    "kiosk",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="fleet.kiosk"),
                ),
            ],
            options={
                "ordering": ["kiosk", "epoch", "seq"],
            },
        ),
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("epoch", models.PositiveIntegerField()),
                (
                    "origin",
                    models.CharField(
                        choices=[("seat", "Seat"), ("counter", "Counter"), ("admin", "Admin")], max_length=8
                    ),
                ),
                ("seat_id", models.UUIDField(blank=True, null=True)),
                ("sold_by", models.CharField(blank=True, max_length=150)),
                ("book", models.PositiveIntegerField()),
                (
                    "tender",
                    models.CharField(
                        choices=[("cash", "Cash"), ("card", "Card"), ("counter", "Counter"), ("invoice", "Invoice")],
                        max_length=8,
                    ),
                ),
                ("is_on_grant", models.BooleanField(default=False, verbose_name="spends the grant")),
                ("is_slip_shown", models.BooleanField(default=False, verbose_name="made without the kiosk")),
                ("currency", models.CharField(max_length=3)),
                ("net_minor", models.BigIntegerField()),
                ("tax_minor", models.BigIntegerField()),
                ("total_minor", models.PositiveBigIntegerField()),
                ("tax_by_rate", models.JSONField(default=dict)),
                ("language", models.CharField(blank=True, max_length=8)),
                ("placed_at", models.DateTimeField()),
                ("committed_at", models.DateTimeField()),
                ("acknowledged_at", models.DateTimeField(blank=True, null=True)),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("business_day", models.DateField()),
                ("receipt_key", models.CharField(max_length=22, unique=True)),
                ("envelope", models.TextField(blank=True)),
                ("envelope_sha256", models.CharField(max_length=64)),
                ("fact", models.CharField(blank=True, max_length=40, verbose_name="journal entry")),
                (
                    "delivery",
                    models.CharField(
                        choices=[("committed", "Committed"), ("acknowledged", "Acknowledged"), ("settled", "Settled")],
                        default="committed",
                        max_length=12,
                    ),
                ),
                (
                    "payment",
                    models.CharField(
                        choices=[("due", "Due"), ("paid", "Paid"), ("declined", "Declined"), ("cleared", "Cleared")],
                        default="due",
                        max_length=8,
                    ),
                ),
                (
                    "handover",
                    models.CharField(
                        choices=[("open", "Open"), ("handed_over", "Handed Over")], default="open", max_length=12
                    ),
                ),
                (
                    "kiosk",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="fleet.kiosk"),
                ),
                (
                    "number",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="order", to="checkout.number"
                    ),
                ),
            ],
            options={
                "ordering": ["-committed_at"],
            },
        ),
        migrations.CreateModel(
            name="Move",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("field", models.CharField(max_length=8)),
                ("before", models.CharField(max_length=12)),
                ("after", models.CharField(max_length=12)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=150)),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="moves", to="checkout.order"
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="OrderLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("product_id", models.PositiveIntegerField()),
                ("name", models.CharField(max_length=200)),
                ("qty", models.PositiveIntegerField()),
                ("unit_minor", models.PositiveBigIntegerField()),
                ("rate_bp", models.PositiveIntegerField()),
                ("discount_minor", models.PositiveBigIntegerField(default=0)),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="checkout.order"
                    ),
                ),
            ],
            options={
                "ordering": ["order", "position"],
            },
        ),
        migrations.CreateModel(
            name="Refund",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount_minor", models.PositiveBigIntegerField()),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=150)),
                ("note", models.TextField(blank=True)),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="refunds", to="checkout.order"
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("PRICE_DRIFT", "price differs from the day's"),
                            ("OVERSOLD", "sold more than there was"),
                            ("TOKEN_EXPIRED", "token was over"),
                            ("TOKEN_REVOKED", "token had been handed back"),
                            ("TOKEN_REPLAY", "number used for two orders"),
                            ("OLD_EPOCH", "token from before a restore"),
                            ("LIMIT_EXCEEDED", "above a limit"),
                            ("PRODUCT_WITHDRAWN", "product no longer sold"),
                            ("TAX_CHANGED", "tax rate has changed"),
                            ("ENVELOPE_MISMATCH", "order does not add up"),
                            ("CHAIN_GAP", "number nobody announced"),
                            ("CHAIN_FORK", "journal tells two stories"),
                            ("CLOCK_SUSPECT", "clock far off"),
                            ("PAYMENT_DECLINED", "payment declined"),
                            ("SCHEMA_TOO_OLD", "written by a newer release"),
                        ],
                        max_length=20,
                    ),
                ),
                ("subject", models.CharField(blank=True, max_length=64)),
                ("evidence", models.JSONField(default=dict)),
                ("opened_at", models.DateTimeField()),
                (
                    "proposal",
                    models.CharField(
                        blank=True,
                        choices=[("accept", "Accept"), ("correct", "Correct"), ("void", "Void")],
                        max_length=8,
                    ),
                ),
                ("proposed_by", models.CharField(blank=True, max_length=150)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[("accept", "Accept"), ("correct", "Correct"), ("void", "Void")],
                        max_length=8,
                    ),
                ),
                ("decided_by", models.CharField(blank=True, max_length=150)),
                ("note", models.TextField(blank=True)),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reviews", to="checkout.order"
                    ),
                ),
            ],
            options={
                "ordering": ["opened_at", "pk"],
                "permissions": [("decide_review", "Can decide reviews")],
            },
        ),
        migrations.CreateModel(
            name="Seat",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=edgeshop.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("jkt", models.CharField(max_length=64, unique=True, verbose_name="key thumbprint")),
                ("jwk", models.JSONField()),
                ("purpose", models.CharField(choices=[("screen", "Screen"), ("phone", "Phone")], max_length=8)),
                ("address", models.CharField(max_length=60)),
                ("asked_at", models.DateTimeField()),
                ("admitted_at", models.DateTimeField(blank=True, null=True)),
                ("admitted_by", models.CharField(blank=True, max_length=150)),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-asked_at"],
                "indexes": [models.Index(fields=["purpose", "expires_at"], name="seat_live")],
            },
        ),
        migrations.CreateModel(
            name="Transition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("field", models.CharField(max_length=8)),
                ("before", models.CharField(max_length=12)),
                ("after", models.CharField(max_length=12)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("field", "before", "after"), name="transition_once")],
            },
        ),
        migrations.CreateModel(
            name="Void",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=150)),
                ("note", models.TextField(blank=True)),
                (
                    "order",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="void", to="checkout.order"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Allocator",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("epoch", models.PositiveIntegerField()),
                ("last_seq", models.PositiveIntegerField(default=0)),
                ("spent_minor", models.PositiveBigIntegerField(default=0)),
                ("spent_count", models.PositiveIntegerField(default=0)),
                (
                    "kiosk",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="fleet.kiosk"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("kiosk", "epoch"), name="allocator_once")],
            },
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=edgeshop.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("epoch", models.PositiveIntegerField()),
                ("jws", models.TextField()),
                ("claims", models.JSONField()),
                ("issued_at", models.DateTimeField()),
                ("soft_at", models.DateTimeField()),
                ("hard_at", models.DateTimeField()),
                ("order_max_minor", models.PositiveBigIntegerField()),
                ("sum_ceil_minor", models.PositiveBigIntegerField()),
                ("count_ceil", models.PositiveIntegerField()),
                ("book_min", models.PositiveIntegerField(default=1)),
                (
                    "kiosk",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="fleet.kiosk"),
                ),
            ],
            options={
                "ordering": ["-issued_at"],
                "indexes": [models.Index(fields=["kiosk", "epoch", "-issued_at"], name="grant_latest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("soft_at__lte", models.F("hard_at"))), name="grant_soft_before_hard"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="number",
            index=models.Index(
                condition=models.Q(("state", "outstanding")), fields=["expires_at"], name="number_to_sweep"
            ),
        ),
        migrations.AddIndex(
            model_name="number",
            index=models.Index(fields=["seat_id", "state"], name="number_of_seat"),
        ),
        migrations.AddIndex(
            model_name="number",
            index=models.Index(fields=["state", "ended_at"], name="number_by_state"),
        ),
        migrations.AddConstraint(
            model_name="number",
            constraint=models.UniqueConstraint(fields=("kiosk", "epoch", "seq"), name="number_once"),
        ),
        migrations.AddConstraint(
            model_name="number",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["outstanding", "sold", "returned", "void", "expired", "unaccounted"])
                ),
                name="number_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="number",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("state", "outstanding")),
                    models.Q(models.Q(("state", "outstanding"), _negated=True), ("ended_at__isnull", False)),
                    _connector="OR",
                ),
                name="number_ends_once_dated",
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(fields=["-committed_at"], name="order_newest"),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(fields=["business_day", "kiosk"], name="order_by_day"),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(("delivery", "settled"), _negated=True),
                fields=["committed_at"],
                name="order_unsettled",
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(("is_on_grant", True)), fields=["kiosk", "epoch"], name="order_on_grant"
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "total_minor",
                        django.db.models.expressions.CombinedExpression(
                            models.F("net_minor"), "+", models.F("tax_minor")
                        ),
                    )
                ),
                name="order_adds_up",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(("delivery__in", ["committed", "acknowledged", "settled"])),
                name="order_delivery_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(("payment__in", ["due", "paid", "declined", "cleared"])), name="order_payment_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(("handover__in", ["open", "handed_over"])), name="order_handover_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="move",
            constraint=models.UniqueConstraint(fields=("order", "field", "after"), name="move_once"),
        ),
        migrations.AddConstraint(
            model_name="orderline",
            constraint=models.UniqueConstraint(fields=("order", "position"), name="line_once"),
        ),
        migrations.AddConstraint(
            model_name="orderline",
            constraint=models.CheckConstraint(condition=models.Q(("qty__gt", 0)), name="line_has_quantity"),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(condition=models.Q(("amount_minor__gt", 0)), name="refund_of_something"),
        ),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(
                condition=models.Q(("decided_at__isnull", True)), fields=["opened_at"], name="review_queue"
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.UniqueConstraint(fields=("order", "reason", "subject"), name="review_once"),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", True), ("decision", "")),
                    models.Q(("decided_at__isnull", False), models.Q(("decision", ""), _negated=True)),
                    _connector="OR",
                ),
                name="review_decided_whole",
            ),
        ),
    ]
