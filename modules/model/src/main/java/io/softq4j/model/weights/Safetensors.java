package io.softq4j.model.weights;

import io.softq4j.common.AtomicFiles;
import io.softq4j.common.UserError;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A safetensors file: opened with its header checked, tensors read through memory mappings as float32, files of any size.
 *
 * <p>Not believed on trust: the header is at most 100 MB, has no duplicate key, and its tensors cover the rest of the file without overlap or hole.
 */
public final class Safetensors implements AutoCloseable {

    /** Bytes mapped at a time: a mapping is limited to 2 GiB, a tensor is not. A multiple of every element size. */
    private static final long WINDOW = 1L << 28;
    private static final int WRITE_CHUNK = 1 << 16;

    private final Path file;
    private final FileChannel channel;
    private final long dataStart;
    private final SafetensorsHeader header;

    private Safetensors(Path file, FileChannel channel, long dataStart, SafetensorsHeader header) {
        this.file = file;
        this.channel = channel;
        this.dataStart = dataStart;
        this.header = header;
    }

    /**
     * Opens a file and checks its header.
     *
     * @throws UserError if there is no such file or it violates the format
     */
    public static Safetensors open(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new UserError("no safetensors file at " + file + ". Check the path; a model directory has it as model.safetensors.");
        }
        FileChannel channel = null;
        try {
            channel = FileChannel.open(file, StandardOpenOption.READ);
            long size = channel.size();
            if (size < Long.BYTES) {
                throw SafetensorsHeader.malformed(file, "it has " + size + " bytes, the header's length alone takes 8", null);
            }
            long length = read(channel, 0, Long.BYTES).getLong();
            if (length < 0 || length > SafetensorsHeader.MAX_BYTES || length > size - Long.BYTES) {
                throw SafetensorsHeader.malformed(file, "its header claims " + Long.toUnsignedString(length) + " bytes, allowed are at most "
                        + Math.min(SafetensorsHeader.MAX_BYTES, size - Long.BYTES) + " in this file", null);
            }
            byte[] json = read(channel, Long.BYTES, (int) length).array();
            long dataStart = Long.BYTES + length;
            return new Safetensors(file, channel, dataStart, SafetensorsHeader.parse(file, json, size - dataStart));
        } catch (IOException e) {
            close(channel);
            throw cannotRead(file, e);
        } catch (RuntimeException e) {
            close(channel);
            throw e;
        }
    }

    /** {@code __metadata__} of the header, sorted by key. */
    public Map<String, String> metadata() {
        return header.metadata();
    }

    /** Names of the tensors, in the order of their bytes. */
    public Set<String> names() {
        return header.tensors().keySet();
    }

    /**
     * What the header says of one tensor.
     *
     * @throws UserError if the file has none of that name
     */
    public TensorInfo info(String name) {
        TensorInfo info = header.tensors().get(name);
        if (info == null) {
            throw new UserError(file + " has no tensor '" + name + "'. It has " + names().size() + ": "
                    + String.join(", ", names().stream().limit(5).toList()) + (names().size() > 5 ? ", ..." : "")
                    + ". The file belongs to another model or configuration.");
        }
        return info;
    }

    /**
     * Reads one tensor as float32.
     *
     * @param shape the extents it must have
     * @param into  {@code [product of shape]}, filled from index 0; its position is not moved
     * @throws UserError if there is no such tensor, or of another shape, or of a type without conversion (readable: F32, F16, BF16)
     */
    public void read(String name, List<Integer> shape, FloatBuffer into) {
        TensorInfo info = info(name);
        if (!info.shape().equals(shape)) {
            throw new UserError(file + ": tensor '" + name + "' has shape " + info.shape() + ", the model needs " + shape
                    + ". The file belongs to another model or configuration.");
        }
        if (!info.dtype().isReadable()) {
            throw new UserError(file + ": tensor '" + name + "' is " + info.dtype() + "; readable as weights are F32, F16 and BF16."
                    + " Convert the file first.");
        }
        if (into.capacity() != info.size()) {
            throw new IllegalArgumentException(name + ": " + info.size() + " elements into a buffer of " + into.capacity());
        }
        FloatBuffer target = into.duplicate().clear();
        try {
            for (long at = info.begin(); at < info.end(); at += WINDOW) {
                long bytes = Math.min(WINDOW, info.end() - at);
                ByteBuffer window = channel.map(FileChannel.MapMode.READ_ONLY, dataStart + at, bytes).order(ByteOrder.LITTLE_ENDIAN);
                info.dtype().toFloat(window, target);
            }
        } catch (IOException e) {
            throw cannotRead(file, e);
        }
    }

    /** Writes {@code tensors} as F32, sorted by name, whole or not at all. */
    public static void write(Path file, Collection<Tensor> tensors) {
        AtomicFiles.write(file, out -> write(out, tensors));
    }

    /** Writes the bytes of a safetensors file: {@code tensors} as F32, sorted by name. */
    public static void write(OutputStream out, Collection<Tensor> tensors) throws IOException {
        TreeMap<String, Tensor> sorted = new TreeMap<>();
        for (Tensor tensor : tensors) {
            if (sorted.put(tensor.name(), tensor) != null) {
                throw new IllegalArgumentException("two tensors named " + tensor.name());
            }
        }
        byte[] head = SafetensorsHeader.format(sorted.values());
        ByteBuffer chunk = ByteBuffer.allocate(WRITE_CHUNK * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        FloatBuffer floats = chunk.asFloatBuffer();
        out.write(chunk.putLong(0, head.length).array(), 0, Long.BYTES);
        out.write(head);
        for (Tensor tensor : sorted.values()) {
            int size = tensor.values().capacity();
            for (int at = 0; at < size; at += WRITE_CHUNK) {
                int n = Math.min(WRITE_CHUNK, size - at);
                floats.put(0, tensor.values(), at, n);
                out.write(chunk.array(), 0, n * Float.BYTES);
            }
        }
    }

    @Override
    public void close() {
        close(channel);
    }

    private static ByteBuffer read(FileChannel channel, long position, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new IOException("the file ended early");
            }
        }
        return buffer.flip();
    }

    private static UserError cannotRead(Path file, IOException e) {
        return new UserError("cannot read " + file + ": " + e.getMessage() + ". Check its permissions and that no other program is writing it.", e);
    }

    private static void close(FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException ignored) {
            // opened for reading only: nothing can be lost
        }
    }
}
