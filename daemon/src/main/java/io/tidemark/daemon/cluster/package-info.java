/**
 * The directory of a cluster and the two small files that say what it is.
 *
 * <pre>
 * DIR/cluster.json         ids, S3, where the nodes are and were; written by up, restore and move
 * DIR/tidemark.properties  optional settings of the daemons, see tidemark daemon --help
 * DIR/s3/                  data of the embedded S3 endpoint
 * DIR/n1/                  a node's disk: removing it is losing it
 *    identity.json         which incarnation this disk belongs to
 *    engine/ raft/
 * DIR/run/                 pid files, locks and logs of the processes, outside of the nodes' disks
 * </pre>
 *
 * Files are replaced as a whole: written beside, synced, renamed, and the directory synced. A file that cannot be read
 * as what it should be is refused by name and never written over.
 */
package io.tidemark.daemon.cluster;
