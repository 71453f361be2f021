class DatasetteError(Exception):
    status: int
    message: str
    message_is_html: bool
