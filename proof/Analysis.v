(* A reading of programs that bounds depth and size for every n at once: nothing in it depends on
   n but by polynomials. It also decides what the lowering consults: how literals of products are
   joined, and which axes the literals of a value depend on. *)
From Coq Require Import List ZArith NArith Bool Arith.
From TC0 Require Import Circuit Gates Arith Index Program.
Import ListNotations.
Open Scope nat_scope.

(* ---- what is known of a value ---- *)

(* What is known of a value, for every n. *)
Record st := mkSt {
  s_sh : list poly;    (* its shape *)
  s_lev : nat;         (* no literal is on a higher level *)
  s_abs : bool;        (* those on that level are open: they take others in *)
  s_nt : npoly;        (* bound on the literals of an element *)
  s_mask : mask }.     (* the axes that they depend on *)

(* What is known of a value that is not there. *)
Definition snone := mkSt [] 0 true [] (fun _ => false).

(* What is known of an input. *)
Definition st0 (a : input) : st := mkSt (in_shape a) 0 false (nc (in_bits a)) (fun _ => true).

(* How the literals of a product are joined: an open one of the higher level takes the other. *)
Definition cmode (a b : st) : mode :=
  if (s_lev b <? s_lev a) && s_abs a then MLeft
  else if (s_lev a <? s_lev b) && s_abs b then MRight
  else MAnd.

(* The level of a product. *)
Definition clev (a b : st) : nat :=
  match cmode a b with
  | MAnd => S (Nat.max (s_lev a) (s_lev b))
  | MLeft => s_lev a
  | MRight => s_lev b
  end.

(* The axes that the literals of the product of a[fa] and b[fb] depend on. *)
Definition rel2 (a b : st) (fa fb : list ix) : mask :=
  fun k => rel (s_mask a) fa k || rel (s_mask b) fb k.

(* ---- one operation ---- *)

(* What is known of the value of an operation. *)
Definition ana1 (env : list st) (o : op) : st :=
  let get k := nth k env snone in
  match o with
  | OSum osh ssh w c f a =>
    let s := get a in
    mkSt osh (s_lev s) (s_abs s) (nmul (nprod ssh) (s_nt s)) (rel (s_mask s) f)
  | OAdd a b =>
    let s := get a in
    let t := get b in
    let L := Nat.max (s_lev s) (s_lev t) in
    mkSt (s_sh s) L ((s_abs s || (s_lev s <? L)) && (s_abs t || (s_lev t <? L)))
      (nadd (s_nt s) (s_nt t)) (fun k => s_mask s k || s_mask t k)
  | OStep base js a =>
    let s := get a in
    mkSt (s_sh s) (S (s_lev s)) true (nc (length js)) (fun _ => true)
  | OCon osh ssh fa fb a b =>
    let s := get a in
    let t := get b in
    mkSt osh (clev s t) true
      (nmul (nprod ssh) (nadd (s_nt s) (nadd (s_nt t) (nmul (s_nt s) (s_nt t)))))
      (rel2 s t fa fb)
  | OQuo lo m fd a b =>
    let L := Nat.max (s_lev (get a)) (s_lev (get b)) in
    mkSt (s_sh (get a)) (S L) true (nc m) (fun _ => true)
  | OMax base js ssh f a =>
    let s := get a in
    mkSt (s_sh s) (S (S (s_lev s))) true (nc (length js)) (fun _ => true)
  end.

(* A bound on the number of gates of an operation. *)
Definition count1 (env : list st) (o : op) : npoly :=
  let get k := nth k env snone in
  match o with
  | OSum _ _ _ _ _ _ | OAdd _ _ => []
  | OStep _ js a => nmul (nprod (s_sh (get a))) (nc (length js))
  | OCon osh ssh fa fb a b =>
    let s := get a in
    let t := get b in
    nmul (nprod (dimk (pc 1) (rel2 s t fa fb) 0 (osh ++ ssh))) (nmul (s_nt s) (s_nt t))
  | OQuo _ m _ a _ => nmul (nprod (s_sh (get a))) (nc m)
  | OMax _ js ssh _ a =>
    nmul (nprod (s_sh (get a))) (nmul (nc (length js)) (nadd (nprod ssh) (nc 1)))
  end.

(* Whether maxima are not empty: the only condition on programs. *)
Definition ok1 (env : list st) (o : op) : bool :=
  match o with OMax _ _ ssh _ _ => forallb ppos ssh | _ => true end.

(* ---- programs ---- *)

(* Count and level after the operations, from those before them. *)
Fixpoint anas (ops : list op) (env : list st) (count : npoly) (lev : nat) : option (npoly * nat) :=
  match ops with
  | [] => Some (count, lev)
  | o :: r =>
    if ok1 env o then
      let s := ana1 env o in
      anas r (env ++ [s]) (nadd count (count1 env o)) (Nat.max lev (s_lev s))
    else None
  end.

(* Bounds on the size and the depth of the circuit of a program, for every n. *)
Definition analyse (p : prog) : option (npoly * nat) := anas (p_ops p) (map st0 (p_ins p)) [] 0.
