(* Single circuits that are written gate by gate: words for them, and that what Coq computes of one
   of them is what Circuit.v says. *)
From Coq Require Import List ZArith Bool Arith.
From TC0 Require Import Circuit.
Import ListNotations.

(* ---- words ---- *)

(* Input bit k, gate k, and the complement of a literal. *)
Definition xi (k : nat) : flit := (false, RIn k).
Definition gi (k : nat) : flit := (false, RGate k).
Definition neg (l : flit) : flit := (negb (fst l), snd l).

(* ---- well formed, as a computation ---- *)

(* Whether a wire may be read, as ref_ok says. *)
Definition readable (ni k : nat) (r : ref) : bool :=
  match r with RIn i => i <? ni | RGate g => g <? k end.

(* It is what ref_ok says. *)
Lemma readable_ok ni k r : readable ni k r = true -> ref_ok ni k r.
Proof. destruct r; apply Nat.ltb_lt. Qed.

(* Whether each gate, the first of them being gate k, reads inputs and earlier gates only. *)
Fixpoint in_order (ni k : nat) (gs : list fgate) : bool :=
  match gs with
  | [] => true
  | g :: r => forallb (readable ni k) (gargs g) && in_order ni (S k) r
  end.

(* Then they do. *)
Lemma in_order_ok ni gs : forall a, in_order ni a gs = true ->
  forall k g, nth_error gs k = Some g -> Forall (ref_ok ni (a + k)) (gargs g).
Proof.
  induction gs as [| h r IH]; intros a H k g; [destruct k; easy |].
  simpl in H. apply andb_true_iff in H. destruct H as [H T]. destruct k as [| k]; simpl.
  - intro E. injection E as ->. rewrite Nat.add_0_r. apply Forall_forall. intros x X.
    rewrite forallb_forall in H. now apply readable_ok, H.
  - intro E. replace (a + S k) with (S a + k) by (simpl; auto). eapply IH; eauto.
Qed.

(* Whether a circuit is well formed. *)
Definition formed (c : circuit) : bool :=
  in_order (inputs c) 0 (gates c) &&
  forallb (fun s => forallb (fun w => readable (inputs c) (size c) (snd (snd w))) (snd s)) (outs c).

(* What is computed of a circuit is so: it is well formed, and has this depth, size and number of
   wires. *)
Theorem counted_ok c d s w :
  formed c && (depth c =? d) && (size c =? s) && (wires c =? w) = true ->
  wf c /\ depth c = d /\ size c = s /\ wires c = w.
Proof.
  rewrite !andb_true_iff, !Nat.eqb_eq. intros [[[F D] S] W].
  split; [| now repeat split]. apply andb_true_iff in F. destruct F as [F O]. split.
  - intros k g. exact (in_order_ok _ _ 0 F k g).
  - apply Forall_forall. intros x X. apply Forall_forall. intros y Y.
    rewrite forallb_forall in O. specialize (O x X). rewrite forallb_forall in O.
    now apply readable_ok, O.
Qed.
Print Assumptions counted_ok.
