import logging
import smtplib
from collections import deque
from email.message import EmailMessage

from app.settings import Settings

logger = logging.getLogger(__name__)


class Mailer:
    """Sends mails one by one. A mail that can not be sent never fails the order it belongs to."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def send_all(self, messages: deque[EmailMessage], *, report_at_most: int = 10) -> int:
        sent = 0
        try:
            with smtplib.SMTP(self.settings.smtp_host, timeout=10) as server:
                while messages:
                    server.send_message(messages[0])
                    messages.popleft()
                    sent += 1
        except smtplib.SMTPException:
            logger.exception("mail server refused", extra={"sent": sent})
        finally:
            for position, message in enumerate(messages):
                if position == report_at_most:
                    break
                logger.warning("mail not sent", extra={"subject": message["Subject"]})
        return sent


def order_confirmation(settings: Settings, recipient: str, order_id: int) -> EmailMessage:
    message = EmailMessage()
    message["From"] = settings.mail_sender
    message["To"] = recipient
    message["Subject"] = f"Your order {order_id}"
    message.set_content(f"Thank you. We have your order {order_id} and will tell you when it ships.")
    return message
