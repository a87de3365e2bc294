package io.softq4j.cli.terminal;

import java.io.BufferedOutputStream;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** The process through which the launcher lets standard error pass, to take the JVM's line about the Vector API out of it. */
public final class LaunchersFilter {

    private static final int SECONDS = 2;

    private static final PrintStream FILTERED = System.err;

    private LaunchersFilter() {
    }

    /**
     * From here on what this process writes to standard error goes round the filter, so that it stays in order with standard output. Libraries' own
     * native output still passes through.
     */
    public static void goRound() {
        String direct = System.getProperty("softq.stderr.direct");
        if (direct != null) {
            try {
                System.setErr(new PrintStream(new BufferedOutputStream(new FileOutputStream(direct)), true, StandardCharsets.UTF_8));
            } catch (FileNotFoundException e) {
                // another user's terminal cannot be opened: then all passes through the filter
            }
        }
    }

    /** Ends standard error and waits until all of it has gone through, so that who reads it after this process has ended reads all. */
    public static void drain() {
        Long process = Long.getLong("softq.stderr");
        if (process != null) {
            System.err.close();
            FILTERED.close();
            ProcessHandle.of(process).ifPresent(filter -> filter.onExit().orTimeout(SECONDS, TimeUnit.SECONDS).exceptionally(e -> null).join());
        }
    }
}
