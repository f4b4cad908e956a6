"""Internal vacancies: announced by leaders and HR, closed by their own deadline."""
