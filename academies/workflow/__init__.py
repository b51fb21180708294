"""How states of the academies move: reports, files of the evaluation, what is to be put right."""
