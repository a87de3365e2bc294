package io.softq4j.cli.terminal;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.pattern.MessageConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.softq4j.common.Visible;

/**
 * The message of a line of the log as a {@link Screen} shows it: our warnings begin with {@link #WARNING}; of a trial, its name
 * follows.
 * {@code logback.xml} names this class.
 */
public final class VisibleMessage extends MessageConverter {

    /** What every warning begins with, whichever command has it. */
    public static final String WARNING = "softq: warning: ";

    @Override
    public String convert(ILoggingEvent event) {
        boolean ours = event.getLoggerName().startsWith("io.softq4j.");
        String message = (ours && event.getLevel().isGreaterOrEqual(Level.WARN) ? WARNING : "") + event.getMDCPropertyMap().getOrDefault("trial", "")
                + super.convert(event);
        return Terminal.err() ? Visible.text(message) : message;
    }
}
