package io.softq4j.cli.terminal;

import ch.qos.logback.classic.pattern.MessageConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.softq4j.common.Visible;

/** The message of a line of the log as a {@link Screen} shows it; {@code logback.xml} names this class. */
public final class VisibleMessage extends MessageConverter {

    @Override
    public String convert(ILoggingEvent event) {
        String message = super.convert(event);
        return Terminal.err() ? Visible.text(message) : message;
    }
}
