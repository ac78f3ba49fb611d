/** How long a node that lost its disk takes to be of use again. */
package io.tidemark.bench.rejoin;
