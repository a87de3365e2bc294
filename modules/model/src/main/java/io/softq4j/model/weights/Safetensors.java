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
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * A safetensors file: opened with its header checked, tensors read straight into the caller's buffer as float32, files of any size.
 *
 * <p>Read by position through one small buffer, not mapped: measured on files in the page cache this is two to three times as fast (no page
 * faults), mappings count as this process's memory until the collector frees them, and a file cut short by another program is an error
 * here, a crash there.
 *
 * <p>Not believed on trust: the header is at most 100 MB, has no duplicate key, and its tensors cover the rest of the file without overlap
 * or hole.
 */
public final class Safetensors implements AutoCloseable {

    /** Bytes on their way at a time: they stay in the second-level cache between file and tensor. A multiple of every element size. */
    private static final int STAGE_BYTES = 1 << 18;
    /**
     * Kept by each reading thread: direct buffers of their own for a thousand tensors would outgrow the model before the collector sees
     * them.
     */
    private static final ThreadLocal<ByteBuffer> STAGE =
            ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(STAGE_BYTES).order(ByteOrder.LITTLE_ENDIAN));
    /** "version ", as every Git LFS pointer begins. */
    private static final long LFS_POINTER = 0x206e6f6973726576L;

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
            if (length == LFS_POINTER) {
                throw new UserError(file + " is a Git LFS pointer, not the weights: the repository was cloned without them. Run git lfs "
                        + "pull in "
                        + file.toAbsolutePath().getParent() + ", or download the file from the hub.");
            }
            if (length < 0 || length > SafetensorsHeader.MAX_BYTES || length > size - Long.BYTES) {
                throw SafetensorsHeader.malformed(file, "its header claims " + Long.toUnsignedString(length)
                        + " bytes, allowed are at most "
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

    /** Where it is. */
    public Path path() {
        return file;
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
        TensorInfo info = readable(name, shape);
        if (into.capacity() != info.size()) {
            throw new IllegalArgumentException(name + ": " + info.size() + " elements into a buffer of " + into.capacity());
        }
        read(info, 0, into);
    }

    /**
     * Reads one tensor of a model's weights, of which every value is a number.
     *
     * @throws UserError as {@link #read(String, List, FloatBuffer)}, or if a value is NaN or infinite
     */
    public void readFinite(String name, List<Integer> shape, FloatBuffer into) {
        TensorInfo info = readable(name, shape);
        long nonFinite = read(info, 0, into);
        if (nonFinite > 0) {
            throw new UserError(file + ": tensor '" + name + "' has " + nonFinite + " of " + info.size()
                    + " values that are NaN or infinite. The training "
                    + "that wrote it diverged, or its values did not fit into the type they were saved as: take an earlier checkpoint, or "
                    + "convert the "
                    + "model again from the original.");
        }
    }

    /**
     * Reads consecutive elements of one tensor as float32: rows of a table, or by pieces a tensor that no buffer holds.
     *
     * @param shape the extents the whole tensor must have
     * @param first index of the first element in row-major order
     * @param into  filled to its capacity; its position is not moved
     * @throws UserError as {@link #read}
     */
    public void readPart(String name, List<Integer> shape, long first, FloatBuffer into) {
        TensorInfo info = readable(name, shape);
        Objects.checkFromIndexSize(first, into.capacity(), info.size());
        read(info, first, into);
    }

    /**
     * What the header says of one tensor that {@link #read} would read.
     *
     * @throws UserError as {@link #read}
     */
    public TensorInfo readable(String name, List<Integer> shape) {
        TensorInfo info = info(name);
        if (!info.shape().equals(shape)) {
            throw new UserError(file + ": tensor '" + name + "' has shape " + info.shape() + ", the model needs " + shape
                    + ". The file belongs to another model or configuration.");
        }
        if (!info.dtype().isReadable()) {
            throw new UserError(file + ": tensor '" + name + "' is " + info.dtype() + "; readable as weights are F32, F16 and BF16. "
                    + (info.dtype() == DType.F64 ? "F64 would be rounded unasked: convert it in Python with "
                    + "model.float().save_pretrained(DIRECTORY)."
                            : "The checkpoint is quantised, or this is no weight: take the checkpoint before quantisation."));
        }
        return info;
    }

    /** Reads, and returns how many of the values are NaN or infinite. */
    private long read(TensorInfo info, long first, FloatBuffer into) {
        long nonFinite = 0;
        FloatBuffer target = into.duplicate().clear();
        ByteBuffer stage = STAGE.get();
        long at = dataStart + info.begin() + first * info.dtype().bytes();
        try {
            while (target.hasRemaining()) {
                stage.clear().limit((int) Math.min(stage.capacity(), (long) target.remaining() * info.dtype().bytes()));
                fill(channel, at, stage);
                at += stage.limit();
                nonFinite += info.dtype().countNonFinite(stage.flip());
                info.dtype().toFloat(stage, target);
            }
            return nonFinite;
        } catch (IOException e) {
            throw cannotRead(file, e);
        }
    }

    /** Writes {@code tensors} as F32, sorted by name, whole or not at all. */
    public static void write(Path file, Collection<? extends WritableTensor> tensors) {
        write(file, tensors, DType.F32);
    }

    /**
     * Writes {@code tensors}, sorted by name, whole or not at all.
     *
     * @param dtype F32, or BF16 for the nearest bfloat16, ties to even
     * @throws UserError if {@code dtype} is another or the disk fails
     */
    public static void write(Path file, Collection<? extends WritableTensor> tensors, DType dtype) {
        AtomicFiles.write(file, out -> write(out, tensors, dtype));
    }

    /** Writes the bytes of a safetensors file: {@code tensors} as F32, sorted by name. */
    public static void write(OutputStream out, Collection<? extends WritableTensor> tensors) throws IOException {
        write(out, tensors, DType.F32);
    }

    /**
     * Writes the bytes of a safetensors file: {@code tensors}, sorted by name, of which one at a time is asked for its values.
     *
     * @param dtype F32, or BF16 for the nearest bfloat16, ties to even
     * @throws IllegalArgumentException if two have the same name: a tied weight is given once
     */
    public static void write(OutputStream out, Collection<? extends WritableTensor> tensors, DType dtype) throws IOException {
        dtype.requireWritable();
        TreeMap<String, WritableTensor> sorted = new TreeMap<>();
        for (WritableTensor tensor : tensors) {
            SafetensorsHeader.requireTensorName(tensor.name());
            if (sorted.put(tensor.name(), tensor) != null) {
                throw new IllegalArgumentException("two tensors named " + tensor.name());
            }
        }
        byte[] head = SafetensorsHeader.format(sorted.values(), dtype);
        ByteBuffer chunk = ByteBuffer.allocate(STAGE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        out.write(chunk.putLong(0, head.length).array(), 0, Long.BYTES);
        out.write(head);
        int perChunk = STAGE_BYTES / dtype.bytes();
        for (WritableTensor tensor : sorted.values()) {
            FloatBuffer values = tensor.values();
            int n;
            for (int at = 0; at < values.capacity(); at += n) {
                n = Math.min(perChunk, values.capacity() - at);
                dtype.fromFloat(values, at, n, chunk);
                out.write(chunk.array(), 0, n * dtype.bytes());
            }
        }
    }

    @Override
    public void close() {
        close(channel);
    }

    private static ByteBuffer read(FileChannel channel, long position, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        fill(channel, position, buffer);
        return buffer.flip();
    }

    private static void fill(FileChannel channel, long position, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new IOException("the file ended early");
            }
        }
    }

    private static UserError cannotRead(Path file, IOException e) {
        return new UserError("cannot read " + file + ": " + e.getMessage() + ". Check its permissions and that no other program is "
                + "writing it.", e);
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
