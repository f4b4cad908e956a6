"""One box over news, vacancies, the library, laws and persons; it knows none of them, only plain
records.
"""
