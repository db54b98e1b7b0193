"""Sets Django up before the tests of this folder are imported: their models need it."""

import django_project

django_project.set_up()
