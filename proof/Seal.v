(* A seal on the numbers of a file: a digest of all numbers of its definitions and theorems, in
   order. A file with any number changed has another digest, and is refused. No theorem depends on
   it: it tells that the file is as it was written, also where another number makes another theorem
   that is true. *)
From Coq Require Import List ZArith NArith String Ascii.
From Ltac2 Require Import Ltac2.

(* Definitions whose values are read, and theorems that are read as they are stated. *)
Inductive part : Type :=
| defined : forall A : Type, A -> part
| stated : forall A : Type, A -> part.
Arguments defined {A}.
Arguments stated {A}.

(* These parts have this digest. It is read by the tactic `seal` when the file is compiled; nothing
   is claimed here. *)
Definition sealed (digest : Z) (parts : list part) : Prop := True.

(* The digest of a number is that of its sign and of its bits, the lowest first. *)
Ltac2 feed (h : int) (k : int) : int := Int.mod (Int.add (Int.mul h 65599) k) 2147483647.

(* A positive number in binary. *)
Ltac2 rec feed_positive (h : int) (c : constr) : int :=
  match Constr.Unsafe.kind c with
  | Constr.Unsafe.App f a =>
    let bit := if Constr.equal f '@xO then 2 else 3 in
    feed_positive (feed h bit) (Array.get a 0)
  | _ => feed h 1
  end.

(* The same of one that is counted. *)
Ltac2 rec feed_int (h : int) (k : int) : int :=
  if Int.equal k 0 then feed h 4 else
  if Int.equal k 1 then feed h 1 else
  feed_int (feed h (Int.add 2 (Int.mod k 2))) (Int.div k 2).

(* How many successors of 0 a number is; -1 if it is none. *)
Ltac2 rec successors (c : constr) (k : int) : int :=
  match Constr.Unsafe.kind c with
  | Constr.Unsafe.Constructor _ _ => if Constr.equal c '@O then k else -1
  | Constr.Unsafe.App f a =>
    if Constr.equal f '@S then successors (Array.get a 0) (Int.add k 1) else -1
  | _ => -1
  end.

(* A character, from its bits. *)
Ltac2 feed_character (h : int) (bits : constr array) : int :=
  let rec value i :=
    if Int.equal i 8 then 0 else
    let bit := if Constr.equal (Array.get bits i) '@true then 1 else 0 in
    Int.add bit (Int.mul 2 (value (Int.add i 1)))
  in feed h (Int.add 16 (value 0)).

(* All numbers and characters of a term, in order. *)
Ltac2 rec feed_term (h : int) (c : constr) : int :=
  let each h a :=
    let rec from h i :=
      if Int.equal i (Array.length a) then h
      else from (feed_term h (Array.get a i)) (Int.add i 1)
    in from h 0 in
  match Constr.Unsafe.kind c with
  | Constr.Unsafe.Constructor _ _ =>
    if Constr.equal c '@O then feed h 4 else
    if Constr.equal c '@Z0 then feed h 4 else
    if Constr.equal c '@N0 then feed h 4 else h
  | Constr.Unsafe.App f a =>
    if Constr.equal f '@Zpos then feed_positive h (Array.get a 0) else
    if Constr.equal f '@Npos then feed_positive h (Array.get a 0) else
    if Constr.equal f '@Zneg then feed_positive (feed h 5) (Array.get a 0) else
    if Constr.equal f '@Ascii then feed_character h a else
    if Constr.equal f '@S then
      let k := successors c 0 in
      if Int.equal k (-1) then each h a else feed_int h k
    else each (feed_term h f) a
  | Constr.Unsafe.Lambda b t => feed_term (feed_term h (Constr.Binder.type b)) t
  | Constr.Unsafe.Prod b t => feed_term (feed_term h (Constr.Binder.type b)) t
  | Constr.Unsafe.LetIn _ v t => feed_term (feed_term h v) t
  | Constr.Unsafe.Cast t _ _ => feed_term h t
  | Constr.Unsafe.Case _ _ _ t branches => each (feed_term h t) branches
  | _ => h
  end.

(* The value of a definition. *)
Ltac2 value_of (c : constr) : constr :=
  match Constr.Unsafe.kind c with
  | Constr.Unsafe.Constant k _ => Std.eval_unfold [(Std.ConstRef k, Std.AllOccurrences)] c
  | _ => c
  end.

(* The digest of parts. *)
Ltac2 rec feed_parts (h : int) (parts : constr) : int :=
  lazy_match! parts with
  | cons (defined ?a) ?r => feed_parts (feed_term h (value_of a)) r
  | cons (stated ?a) ?r => feed_parts (feed_term h (Constr.type a)) r
  | _ => h
  end.

(* Proves that parts are sealed, if they have the digest. *)
Ltac2 check_seal () :=
  lazy_match! goal with
  | [ |- sealed ?digest ?parts ] =>
    let found := feed_parts 0 parts in
    if Int.equal (feed_term 0 digest) (feed_int 0 found) then exact I
    else Control.zero (Tactic_failure (Some (Message.concat
      (Message.of_string "the digest of the numbers of the file is ") (Message.of_int found))))
  end.
Ltac seal := ltac2:(check_seal ()).
