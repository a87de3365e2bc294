package io.softq4j.tokens.huggingface;

import io.softq4j.common.UserError;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Timer;
import java.util.TimerTask;

/**
 * {@link LinkedLibrary} in a JVM of its own, which ends when this one does: it reads what it is asked from a pipe, and stops at the pipe's
 * end. One call at a time.
 */
final class LibraryProcess implements Library, AutoCloseable {

    /** The process ended, or was ended because it took too long. */
    static final class Ended extends RuntimeException {

        private static final long serialVersionUID = 1;

        Ended(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private static final long MOST_MILLISECONDS = 60_000;
    private static final byte ENCODE = 0;
    private static final byte STARTS = 1;
    private static final byte DECODE = 2;
    /** Where things lie on this machine, and what the library is told. */
    private static final List<String> PROPERTIES = List.of("user.home", "java.io.tmpdir", "DJL_CACHE_DIR", "ENGINE_CACHE_DIR");

    /** Ends the process of a tokenizer that nobody has any more. */
    private static final Cleaner CLEANER = Cleaner.create();

    private final Process process;
    private final DataOutputStream out;
    private final DataInputStream in;

    LibraryProcess(byte[] json, String source) {
        try {
            List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + File.separator + "bin" + File.separator
                    + "java",
                    "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path")));
            PROPERTIES.stream().filter(key -> System.getProperty(key) != null).forEach(key -> command.add("-D" + key + "="
                    + System.getProperty(key)));
            command.add(LibraryProcess.class.getName());
            process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
            out = new DataOutputStream(new BufferedOutputStream(process.getOutputStream()));
            in = new DataInputStream(new BufferedInputStream(process.getInputStream()));
            write(out, json);
            out.flush();
            Process own = process;
            CLEANER.register(this, own::destroyForcibly);
        } catch (IOException e) {
            throw new UserError("cannot start a process for the tokenizer of " + source
                    + ", whose regular expressions need one of their own: "
                    + e.getMessage(), e);
        }
    }

    @Override
    public int[] encode(String text) {
        return ints(ask(ENCODE, text.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public int[] starts(String text) {
        return ints(ask(STARTS, text.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public String decode(int[] ids) {
        return new String(ask(DECODE, bytes(ids)), StandardCharsets.UTF_8);
    }

    private byte[] ask(byte what, byte[] about) {
        Timer timer = new Timer("softq-library", true);
        timer.schedule(new TimerTask() {
            @Override
            public void run() {
                process.destroyForcibly();
            }
        }, MOST_MILLISECONDS);
        try {
            out.writeByte(what);
            write(out, about);
            out.flush();
            return read(in);
        } catch (IOException e) {
            process.destroyForcibly();
            throw new Ended("its process ended with exit code " + process.onExit().join().exitValue(), e);
        } finally {
            timer.cancel();
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    /** The process itself: the tokenizer, then one question after the other. */
    public static void main(String[] arguments) throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(System.in));
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)));
        System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));   // the pipe is for answers
        Library library = new LinkedLibrary(read(in), "the tokenizer");
        for (int what = in.read(); what >= 0; what = in.read()) {
            byte[] about = read(in);
            write(out, switch (what) {
                case ENCODE -> bytes(library.encode(new String(about, StandardCharsets.UTF_8)));
                case STARTS -> bytes(library.starts(new String(about, StandardCharsets.UTF_8)));
                default -> library.decode(ints(about)).getBytes(StandardCharsets.UTF_8);
            });
            out.flush();
        }
    }

    private static void write(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static byte[] read(DataInputStream in) throws IOException {
        return in.readNBytes(in.readInt());
    }

    private static byte[] bytes(int[] values) {
        ByteBuffer buffer = ByteBuffer.allocate(Integer.BYTES * values.length);
        buffer.asIntBuffer().put(values);
        return buffer.array();
    }

    private static int[] ints(byte[] bytes) {
        int[] values = new int[bytes.length / Integer.BYTES];
        ByteBuffer.wrap(bytes).asIntBuffer().get(values);
        return values;
    }
}
