<?php

declare(strict_types=1);

namespace Swoole\Database;

/**
 * A connection of PDO that connects again when it is lost, unless a transaction is lost with it.
 *
 * Errors are exceptions; attributes that were set are set again on the new connection.
 *
 * @mixin \PDO
 */
class PDOProxy extends ObjectProxy
{
    /** @var \PDO */
    protected $__object;

    protected array $setAttributeContext = [];

    /** @var callable */
    protected $constructor;

    protected int $round = 0;

    protected int $inTransaction = 0;

    /** @param callable $constructor makes a `PDO` */
    public function __construct(callable $constructor)
    {
        $this->constructor = $constructor;
        $this->connect();
    }

    public function __call(string $name, array $arguments)
    {
        try {
            $result = $this->__object->$name(...$arguments);
        } catch (\PDOException $error) {
            if ($this->__object->inTransaction() || !DetectsLostConnections::causedByLostConnection($error)) {
                throw $error;
            }
            $this->reconnect();
            $result = $this->__object->$name(...$arguments);
        }
        switch (strtolower($name)) {
            case 'begintransaction':
                $this->inTransaction++;
                break;
            case 'commit':
            case 'rollback':
                $this->inTransaction = max(0, $this->inTransaction - 1);
                break;
            case 'prepare':
            case 'query':
                return $result instanceof \PDOStatement ? new PDOStatementProxy($result, $this) : $result;
        }
        return $result;
    }

    /** How many times it has connected again. */
    public function getRound(): int
    {
        return $this->round;
    }

    /** Replaces the connection by a new one. */
    public function reconnect(): void
    {
        $this->connect();
        $this->round++;
        foreach ($this->setAttributeContext as $attribute => $value) {
            $this->__object->setAttribute($attribute, $value);
        }
    }

    public function setAttribute(int $attribute, $value): bool
    {
        $this->setAttributeContext[$attribute] = $value;
        return $this->__object->setAttribute($attribute, $value);
    }

    /** Whether a transaction was begun through this object and is not over. */
    public function inTransaction(): bool
    {
        return $this->inTransaction > 0;
    }

    /** Forgets transactions; the pool calls it when it hands the connection out. */
    public function reset(): void
    {
        $this->inTransaction = 0;
    }

    private function connect(): void
    {
        parent::__construct(($this->constructor)());
        $this->__object->setAttribute(\PDO::ATTR_ERRMODE, \PDO::ERRMODE_EXCEPTION);
    }
}
