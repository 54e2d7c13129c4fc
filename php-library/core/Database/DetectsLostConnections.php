<?php

declare(strict_types=1);

namespace Swoole\Database;

/** Tells from an error's message whether the connection is gone, so that another one may help. */
class DetectsLostConnections
{
    /** Parts of messages, of whatever database. */
    private const SIGNS = [
        'Adaptive Server connection failed',
        'Broken pipe',
        'Channel connection is closed',
        'child connection forced to terminate due to client_idle_limit',
        'Communication link failure',
        'connection is no longer usable',
        'Connection lost',
        'current keyspace is being resharded',
        'decryption failed or bad record mac',
        'Error reading result',
        'Error while sending',
        'Error writing data to the connection',
        'failed to connect to',
        'is dead or not enabled',
        'Login timeout expired',
        'Lost connection',
        'no connection to the server',
        'no healthy tablet available',
        'No such file or directory',
        'ORA-03113',
        'ORA-03114',
        'Packets out of order. Expected',
        'Physical connection is not usable',
        'primary is not serving, there may be a reparent operation in progress',
        'query_wait_timeout',
        'Reason: Server is in script upgrade mode. Only administrator can connect at this time.',
        'reset by peer',
        'Resource deadlock avoided',
        'running with the --read-only option so it cannot execute this statement',
        'server closed the connection unexpectedly',
        'server has gone away',
        'Server has gone away',
        'server is shutting down',
        'SQLSTATE[08006] [7] could not connect to server: Connection refused Is the server running on host',
        'SQLSTATE[08006] [7] could not translate host name',
        'SQLSTATE[08006] [7] SSL error: sslv3 alert unexpected message',
        'SQLSTATE[08006] [7] unrecognized SSL error code:',
        'SQLSTATE[25006]: Read only sql transaction: 7',
        'SQLSTATE[HY000] [1045] Access denied for user',
        'SQLSTATE[HY000] [2002] A connection attempt failed because the connected party did not properly respond after a period of time, or established connection failed because connected host has failed to respond',
        'SQLSTATE[HY000] [2002] A socket operation was attempted to an unreachable network',
        'SQLSTATE[HY000] [2002] Connection refused',
        'SQLSTATE[HY000] [2002] Network is unreachable',
        'SQLSTATE[HY000] [2002] No connection could be made because the target machine actively refused it',
        'SQLSTATE[HY000] [2002] Operation in progress',
        'SQLSTATE[HY000] [2002] Operation now in progress',
        'SQLSTATE[HY000] [2002] php_network_getaddresses: getaddrinfo failed: Name or service not known',
        'SQLSTATE[HY000] [2002] php_network_getaddresses: getaddrinfo failed: Try again',
        'SQLSTATE[HY000] [2002] php_network_getaddresses: getaddrinfo for',
        'SQLSTATE[HY000] [2002] The requested address is not valid in its context',
        'SQLSTATE[HY000]: General error: 1105 The last transaction was aborted due to Seamless Scaling. Please retry.',
        'SQLSTATE[HY000]: General error: 3989',
        'SQLSTATE[HY000]: General error: 7 SSL SYSCALL error: EOF detected',
        'SQLSTATE[HY000]: General error: 7 SSL SYSCALL error: No route to host',
        'SSL connection has been closed unexpectedly',
        'SSL error: unexpected eof',
        'SSL operation failed with code 5',
        'TCP Provider: Error code 0x274C',
        'TCP Provider: Error code 0x68',
        'Temporary failure in name resolution',
        'The client was disconnected by the server because of inactivity. See wait_timeout and interactive_timeout for configuring this behavior.',
        'The connection is broken and recovery is not possible. The connection is marked by the client driver as unrecoverable. No attempt was made to restore the connection.',
        'timed out',
        'transaction pool connection limit exceeded',
        'Transaction() on null',
        'Unknown $curl_error_code: 77',
        'vtgate connection error: no healthy endpoints',
        'went away',
    ];

    public static function causedByLostConnection(\Throwable $e): bool
    {
        $message = $e->getMessage();
        foreach (self::SIGNS as $sign) {
            if (str_contains($message, $sign)) {
                return true;
            }
        }
        return false;
    }
}
