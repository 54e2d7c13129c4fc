<?php

declare(strict_types=1);

namespace Swoole\Database;

/**
 * A connection of mysqli that connects again when it is lost, up to twice for a call.
 *
 * Character set, options and user are set again on the new connection. A call that fails throws {@see MysqliException}; with
 * `mysqli_report(MYSQLI_REPORT_STRICT)`, PHP's default, mysqli's own exception passes unless the connection was lost.
 *
 * @mixin \mysqli
 */
class MysqliProxy extends ObjectProxy
{
    public const IO_METHOD_REGEX = '/^autocommit|begin_transaction|change_user|close|commit|kill|multi_query|ping|prepare|query|real_connect'
        . '|real_query|reap_async_query|refresh|release_savepoint|rollback|savepoint|select_db|send_query|set_charset|ssl_set$/i';

    /** Errors of a connection that is lost. */
    public const IO_ERRORS = [2002, 2006, 2013];

    private const ATTEMPTS = 3;

    /** @var \mysqli */
    protected $__object;

    protected string $charsetContext;

    protected array $setOptContext = [];

    protected array $changeUserContext;

    /** @var callable */
    protected $constructor;

    protected int $round = 0;

    private bool $begun = false;

    /** @param callable $constructor makes a `mysqli` */
    public function __construct(callable $constructor)
    {
        $this->constructor = $constructor;
        parent::__construct($constructor());
    }

    public function __call(string $name, array $arguments)
    {
        for ($attempt = 1; ; $attempt++) {
            $error = null;
            try {
                $result = @$this->__object->$name(...$arguments);
            } catch (\mysqli_sql_exception $error) {
                $result = false;
            }
            if ($result !== false) {
                break;
            }
            if ($error === null && !preg_match(static::IO_METHOD_REGEX, $name)) {
                return false;
            }
            $number = $error?->getCode() ?? $this->__object->errno;
            if ($attempt === self::ATTEMPTS || !in_array($number, static::IO_ERRORS, true)) {
                throw $error ?? new MysqliException($this->__object->error, $number);
            }
            $this->reconnect();
        }
        $name = strtolower($name);
        $this->begun = match ($name) {
            'begin_transaction' => true,
            'autocommit' => !$arguments[0],
            'commit', 'rollback', 'change_user' => false,
            default => $this->begun,
        };
        return match ($name) {
            'prepare' => new MysqliStatementProxy($result, $arguments[0], $this),
            'stmt_init' => new MysqliStatementProxy($result, null, $this),
            default => $result,
        };
    }

    /** How many times it has connected again. */
    public function getRound(): int
    {
        return $this->round;
    }

    /** Takes back a transaction that was begun with a method of this object and is still open. */
    public function rollBackOpen(): void
    {
        if ($this->begun) {
            $this->begun = false;
            @$this->__object->rollback();
            @$this->__object->autocommit(true);
        }
    }

    /** Replaces the connection by a new one. */
    public function reconnect(): void
    {
        $this->begun = false;
        parent::__construct(($this->constructor)());
        $this->round++;
        if (isset($this->charsetContext)) {
            $this->__object->set_charset($this->charsetContext);
        }
        foreach ($this->setOptContext as $option => $value) {
            $this->__object->options($option, $value);
        }
        if (isset($this->changeUserContext)) {
            $this->__object->change_user(...$this->changeUserContext);
        }
    }

    public function options(int $option, $value): bool
    {
        $this->setOptContext[$option] = $value;
        return $this->__object->options($option, $value);
    }

    public function set_opt(int $option, $value): bool
    {
        return $this->options($option, $value);
    }

    public function set_charset(string $charset): bool
    {
        $this->charsetContext = $charset;
        return $this->__object->set_charset($charset);
    }

    public function change_user(string $user, string $password, ?string $database): bool
    {
        $this->changeUserContext = [$user, $password, $database];
        return $this->__object->change_user($user, $password, $database);
    }
}
