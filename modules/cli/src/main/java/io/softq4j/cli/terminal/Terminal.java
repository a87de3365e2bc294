package io.softq4j.cli.terminal;

import java.io.Console;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.List;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.Style;
import picocli.CommandLine.Help.ColorScheme;

/** Tells which streams a person reads on a terminal, and what that terminal can show. The launcher says which streams are terminals. */
public final class Terminal {

    private static final String STREAMS = "softq.terminals";

    private static volatile boolean quiet;

    private Terminal() {
    }

    /** Whether standard output is a terminal. */
    public static boolean out() {
        return is("out");
    }

    /** Whether standard error is a terminal. */
    public static boolean err() {
        return is("err");
    }

    /** Shows no progress from now on, or shows it again: {@code --quiet}. */
    public static void quiet(boolean on) {
        quiet = on;
    }

    /** Where progress is shown: standard error, or nowhere. */
    public static PrintStream progress() {
        return quiet ? new PrintStream(OutputStream.nullOutputStream()) : System.err;
    }

    /** Where a command shows progress: {@code err}, which is its standard error, or nowhere. */
    public static PrintWriter progress(PrintWriter err) {
        return quiet ? new PrintWriter(Writer.nullWriter()) : err;
    }

    /** Whether progress can be drawn over itself on standard error: it is shown, on a terminal that moves its cursor, and not that of a CI. */
    public static boolean redraws() {
        return !quiet && err() && System.getenv("CI") == null && !dumb();
    }

    /** Whether a person can be asked: standard input and output are a terminal. */
    public static boolean asks() {
        return System.console() != null && System.getenv("CI") == null && isTerminal(System.console());
    }

    /** Whether standard output shows colours: a terminal, not a dumb one, and neither {@code NO_COLOR} nor {@code CLICOLOR=0} is set. */
    public static boolean colours() {
        return out() && !dumb() && Ansi.AUTO.enabled();
    }

    /** The styles of help: weight and slant, which no background hides. */
    public static ColorScheme scheme() {
        return new ColorScheme.Builder(colours() ? Ansi.ON : Ansi.OFF).commands(Style.bold).options(Style.bold).parameters(Style.bold)
                .optionParams(Style.italic).build();
    }

    private static boolean dumb() {
        return "dumb".equals(System.getenv("TERM"));
    }

    private static boolean is(String stream) {
        String streams = System.getProperty(STREAMS);
        return streams == null ? asks() : List.of(streams.split(",")).contains(stream);
    }

    /** From Java 22 on there is a console without a terminal too, and a method to tell. */
    private static boolean isTerminal(Console console) {
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException before22) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }
}
