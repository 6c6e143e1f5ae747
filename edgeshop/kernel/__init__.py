"""Plain Python that every floor may use: money, ids, time, errors, jobs and events. No framework in here."""
