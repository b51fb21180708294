"""How the batches of a training workbook name its two sheets (``ImportBatch.kind``)."""

CLASSES_KIND, ROSTER_KIND = "academies.classes", "academies.roster"
