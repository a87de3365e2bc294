package io.softq4j.data.read;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.softq4j.common.UserError;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Set;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.xerial.snappy.Snappy;

/** Decompresses the pages of Parquet files without Hadoop, whose codecs parquet-hadoop would look for. */
final class ParquetCodecs implements CompressionCodecFactory {

    static final Set<CompressionCodecName> READ = EnumSet.of(CompressionCodecName.UNCOMPRESSED, CompressionCodecName.SNAPPY,
            CompressionCodecName.GZIP, CompressionCodecName.ZSTD);

    /** Writers aim at a megabyte; a header that says more than this is damaged, and believing it would take all memory. */
    private static final int LARGEST_PAGE = 1 << 29;

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
        return switch (codec) {
            case UNCOMPRESSED -> new Decompressor((bytes, size) -> bytes);
            case SNAPPY -> new Decompressor(ParquetCodecs::snappy);
            case GZIP -> new Decompressor(ParquetCodecs::gzip);
            case ZSTD -> new Decompressor(ParquetCodecs::zstd);
            default -> throw new UserError("Parquet compressed with " + codec + " is not read");
        };
    }

    private static byte[] snappy(byte[] bytes, int size) throws IOException {
        // before it is allocated
        if (Snappy.uncompressedLength(bytes) != size) {
            throw new IOException("a page has " + Snappy.uncompressedLength(bytes) + " bytes, its header says " + size);
        }
        return Snappy.uncompress(bytes);
    }

    private static byte[] gzip(byte[] bytes, int size) throws IOException {
        try (GzipInput in = new GzipInput(new ByteArrayInputStream(bytes))) {
            return in.readNBytes(size);
        }
    }

    /** Memory is taken for as much as the frame says itself, or else for as much as comes out of it. */
    private static byte[] zstd(byte[] bytes, int size) throws IOException {
        if (Zstd.getFrameContentSize(bytes) != size) {
            try (InputStream in = new ZstdInputStreamNoFinalizer(new ByteArrayInputStream(bytes))) {
                return in.readNBytes(size);
            }
        }
        try {
            return Zstd.decompress(bytes, size);
        } catch (ZstdException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName codec) {
        throw new UnsupportedOperationException("Parquet is read only");
    }

    @Override
    public void release() {
        // holds nothing
    }

    @FunctionalInterface
    private interface Codec {
        byte[] decompress(byte[] bytes, int size) throws IOException;
    }

    private record Decompressor(Codec codec) implements BytesInputDecompressor {

        @Override
        public BytesInput decompress(BytesInput bytes, int size) throws IOException {
            return BytesInput.from(checked(bytes.toInputStream().readAllBytes(), size));
        }

        @Override
        public void decompress(ByteBuffer from, int compressedSize, ByteBuffer to, int size) throws IOException {
            to.put(checked(bytes(from), size));
        }

        private static byte[] bytes(ByteBuffer buffer) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.get(bytes);
            return bytes;
        }

        private byte[] checked(byte[] bytes, int size) throws IOException {
            if (size < 0 || size > LARGEST_PAGE) {
                throw new IOException("the header of a page says that it has " + size + " bytes");
            }
            byte[] page = codec.decompress(bytes, size);
            if (page.length != size) {
                throw new IOException("a page has " + page.length + " bytes, its header says " + size);
            }
            return page;
        }

        @Override
        public void release() {
            // holds nothing
        }
    }
}
