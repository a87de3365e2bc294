package io.softq4j.graph.machine;

import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * Matrix products in float32 through oneDNN, on the calling thread alone. Matrices are row-major, given by address and leading dimension
 * (elements from one row to the next); nothing is allocated.
 */
public final class Products {

    private static final ThreadLocal<Cursor[]> CURSORS =
            ThreadLocal.withInitial(() -> new Cursor[] {new Cursor(), new Cursor(), new Cursor()});

    /** A pointer that can be moved. */
    private static final class Cursor extends FloatPointer {

        Cursor() {
            super((Pointer) null);
        }

        Cursor at(long place) {
            address = place;
            return this;
        }
    }

    private Products() {
    }

    /** C = A B + beta C: A {@code [m, k]}, B {@code [k, n]}, C {@code [m, n]}. */
    public static void nn(long m, long n, long k, long a, long lda, long b, long ldb, float beta, long c, long ldc) {
        multiply('N', 'N', m, n, k, 1, a, lda, b, ldb, beta, c, ldc);
    }

    /** C = A B^T + beta C: A {@code [m, k]}, B {@code [n, k]}, C {@code [m, n]}. */
    public static void nt(long m, long n, long k, long a, long lda, long b, long ldb, float beta, long c, long ldc) {
        multiply('N', 'T', m, n, k, 1, a, lda, b, ldb, beta, c, ldc);
    }

    /** C = A^T B + beta C: A {@code [k, m]}, B {@code [k, n]}, C {@code [m, n]}. */
    public static void tn(long m, long n, long k, long a, long lda, long b, long ldb, float beta, long c, long ldc) {
        multiply('T', 'N', m, n, k, 1, a, lda, b, ldb, beta, c, ldc);
    }

    /** C = alpha op(A) op(B) + beta C, op by {@code 'N'} the matrix as it is, by {@code 'T'} its transpose. */
    public static void multiply(char opA, char opB, long m, long n, long k, float alpha, long a, long lda, long b, long ldb, float beta,
                                long c, long ldc) {
        Cursor[] at = CURSORS.get();
        int status = dnnl.dnnl_sgemm((byte) opA, (byte) opB, m, n, k, alpha, at[0].at(a), lda, at[1].at(b), ldb, beta, at[2].at(c), ldc);
        if (status != dnnl.dnnl_success) {
            throw new IllegalStateException("oneDNN's product " + m + " x " + k + " x " + n + " failed with status " + status);
        }
    }

    /** C = 0: C {@code [m, n]}, whatever it held. */
    public static void clear(long m, long n, long c, long ldc) {
        Cursor at = CURSORS.get()[0];
        for (long row = 0; row < m; row++) {
            Pointer.memset(at.at(c + row * ldc * Float.BYTES), 0, n * Float.BYTES);
        }
    }
}
